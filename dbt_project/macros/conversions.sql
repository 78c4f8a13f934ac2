{#- Casts that cannot fail: text in, value or null out. -#}

{% macro essai(texte, type) -%}
case when pg_input_is_valid({{ texte }}, '{{ type }}') then ({{ texte }})::{{ type }} end
{%- endmacro %}

{#- '4' and '4.0' are integers, '4.5', 'NaN' and '99999999999' are not. -#}
{% macro essai_entier(texte) -%}
case
    when {{ texte }} ~ '^\s*[+-]?[0-9]{1,9}(\.0*)?\s*$' then ({{ texte }})::numeric::integer
end
{%- endmacro %}

{% macro essai_numerique(texte) -%}
case when {{ texte }} ~ '^\s*[+-]?[0-9]{1,12}(\.[0-9]{1,12})?\s*$' then ({{ texte }})::numeric end
{%- endmacro %}

{#- An instant must carry its offset: without it the session's time zone would decide. -#}
{% macro essai_instant(texte) -%}
case
    when {{ texte }} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].*(Z|[+-][0-9]{2}(:?[0-9]{2})?)$'
        and pg_input_is_valid({{ texte }}, 'timestamptz')
        then ({{ texte }})::timestamptz
end
{%- endmacro %}

{#- 'dd/mm/yyyy hh:mm', local time of the company. -#}
{% macro essai_instant_local(texte) -%}
{%- set iso -%}
substr({{ texte }}, 7, 4) || '-' || substr({{ texte }}, 4, 2) || '-' || substr({{ texte }}, 1, 2)
            || substr({{ texte }}, 11)
{%- endset -%}
case
    when {{ texte }} ~ '^[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}$'
        and pg_input_is_valid({{ iso }}, 'timestamp')
        then ({{ iso }})::timestamp at time zone 'Europe/Paris'
end
{%- endmacro %}

{% macro essai_oui_non(texte) -%}
case lower({{ texte }}) when 'oui' then true when 'non' then false end
{%- endmacro %}

{#- Calendar day, in the company's time zone, of an instant. -#}
{% macro jour_local(instant) -%}
({{ instant }} at time zone 'Europe/Paris')::date
{%- endmacro %}

{#- First instant after the end of a business day: what was known that day lies before it. -#}
{% macro fin_de_jour(jour) -%}
(({{ jour }} + 1)::timestamp at time zone 'Europe/Paris')
{%- endmacro %}

{#- First day of a date's month. -#}
{% macro mois_de(jour) -%}
date_trunc('month', ({{ jour }})::timestamp)::date
{%- endmacro %}

{% macro date_metier() -%}
'{{ var("date_metier") }}'::date
{%- endmacro %}
