{#- Deletes from an incremental model the keys that its source no longer has: deleted, cancelled, quarantined. -#}
{% macro retirer_absentes(cle, source, condition='true') -%}
delete from {{ this }} as cible
where not exists (
    select 1 from {{ source }} as origine where origine.{{ cle }} = cible.{{ cle }} and {{ condition }}
)
{%- endmacro %}
