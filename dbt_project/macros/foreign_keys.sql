{#- Rebuilding a dimension drops the foreign keys that point to it. An incremental fact, which is not rebuilt,
    gets back those that its contract declares. -#}
{% macro retablir_cles_etrangeres() %}
{%- if execute %}
{%- for colonne in model.columns.values() %}
{%- for contrainte in colonne.constraints or [] if contrainte.type == 'foreign_key' %}
do $$
begin
    if not exists (
        select 1
        from pg_constraint
        inner join pg_attribute on attrelid = conrelid and attnum = conkey[1]
        where contype = 'f' and conrelid = '{{ this }}'::regclass and attname = '{{ colonne.name }}'
    ) then
        alter table {{ this }} add foreign key ({{ colonne.name }})
        references {{ contrainte.to }} ({{ contrainte.to_columns | join(', ') }});
    end if;
end $$;
{%- endfor %}
{%- endfor %}
{%- endif %}
{% endmacro %}
