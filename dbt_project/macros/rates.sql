{#- Percentage (0-100) of the rows meeting `base` that also meet `condition`; null when there is none. -#}
{% macro taux_pct(condition, base='true') -%}
round(
            100.0 * count(*) filter (where ({{ condition }}) and ({{ base }}))
            / nullif(count(*) filter (where {{ base }}), 0), 2
        )
{%- endmacro %}

{#- Class of an answer to "how likely are you to recommend us", 0-10. -#}
{% macro classe_nps(note) -%}
case
    when {{ note }} >= 9 then 'Promoteur'
    when {{ note }} >= 7 then 'Passif'
    when {{ note }} >= 0 then 'Detracteur'
end
{%- endmacro %}
