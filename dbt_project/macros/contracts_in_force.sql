{#- A contract is in force on a day when it has begun, has not run out, and nobody has cancelled it by that day. -#}
{% macro contrat_actif(contrat, jour) -%}
(
        {{ contrat }}.date_debut <= {{ jour }}
        and {{ contrat }}.date_fin >= {{ jour }}
        and ({{ contrat }}.date_resiliation is null or {{ contrat }}.date_resiliation > {{ jour }})
    )
{%- endmacro %}
