{#- Easter Sunday of a year of the Gregorian calendar: the anonymous algorithm (Nature, 1876; Meeus, Astronomical
    Algorithms, chapter 8). `annees` is a relation with an integer column annee; gives (annee, paques). -#}
{% macro dates_de_paques(annees) %}
    select
        annee,
        make_date(annee, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1) as paques
    from {{ annees }}
    cross join lateral (select annee % 19 as a, annee / 100 as b, annee % 100 as c) as un
    cross join lateral (select (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30 as h) as deux
    cross join lateral (select (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7 as l) as trois
    cross join lateral (select (a + 11 * h + 22 * l) / 451 as m) as quatre
{% endmacro %}

{#- Public holidays of metropolitan France (Code du travail, L3133-1): (jour, nom_ferie). -#}
{% macro jours_feries(annees) %}
    select make_date(annee, mois, jour_du_mois) as jour, nom_ferie
    from {{ annees }}
    cross join (values
        (1, 1, '1er janvier'), (5, 1, '1er mai'), (5, 8, '8 mai'), (7, 14, '14 juillet'), (8, 15, 'Assomption'),
        (11, 1, 'Toussaint'), (11, 11, '11 novembre'), (12, 25, 'Jour de Noël')
    ) as fixes (mois, jour_du_mois, nom_ferie)
    union all
    select paques + ecart_jours as jour, nom_ferie
    from ({{ dates_de_paques(annees) }}) as paques
    cross join (values
        (1, 'Lundi de Pâques'), (39, 'Ascension'), (50, 'Lundi de Pentecôte')
    ) as mobiles (ecart_jours, nom_ferie)
{% endmacro %}
