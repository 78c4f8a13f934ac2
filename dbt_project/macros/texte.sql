{#- Text as people meant it: UTF-8 that was read as cp1252 is turned back, blanks become null.
    Only known sequences are replaced, so that a text that is right never changes. -#}
{% macro texte_propre(colonne) -%}
{%- set confusions = [
    ('Ã©', 'é'), ('Ã¨', 'è'), ('Ãª', 'ê'), ('Ã«', 'ë'), ('Ã¢', 'â'), ('Ã¤', 'ä'), ('Ã§', 'ç'), ('Ã¹', 'ù'),
    ('Ã»', 'û'), ('Ã¼', 'ü'), ('Ã´', 'ô'), ('Ã¶', 'ö'), ('Ã®', 'î'), ('Ã¯', 'ï'), ('Å“', 'œ'), ('Ã‰', 'É'),
    ('Ãˆ', 'È'), ('ÃŠ', 'Ê'), ('Ã‡', 'Ç'), ('Ã€', 'À'), ('Ã”', 'Ô'), ('ÃŽ', 'Î'), ('â€™', '’'), ('â€¦', '…'),
    ('Â«', '«'), ('Â»', '»'), ('Â°', '°'), ('â‚¬', '€'), ('Ã\u00a0', 'à'), ('Â\u00a0', '\u00a0')
] -%}
nullif(trim(case
    when {{ colonne }} ~ '[ÃÂÅâ]' then
        {% for _ in confusions %}replace({% endfor %}{{ colonne }}
        {%- for faux, vrai in confusions %}, '{{ faux }}', '{{ vrai }}'){% endfor %}
    else {{ colonne }}
end), '')
{%- endmacro %}
