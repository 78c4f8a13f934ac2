{%- set jours_semaine = ['Lundi', 'Mardi', 'Mercredi', 'Jeudi', 'Vendredi', 'Samedi', 'Dimanche'] -%}
-- depends_on: {{ ref('bilan_lignes') }}
with annees as (
    select generate_series(2015, 2035) as annee
),

feries as (
    -- Two holidays may fall on one day (Ascension on 1 or 8 May): one row a day.
    select jour, string_agg(nom_ferie, ', ' order by nom_ferie) as nom_ferie
    from ({{ jours_feries('annees') }}) as tous
    group by jour
),

jours as (
    select generate_series('2015-01-01'::timestamp, '2035-12-31'::timestamp, '1 day')::date as date
)

select
    to_char(jours.date, 'YYYYMMDD')::integer as date_id,
    jours.date,
    extract(year from jours.date)::integer as annee,
    extract(quarter from jours.date)::integer as trimestre,
    extract(month from jours.date)::integer as mois,
    extract(week from jours.date)::integer as semaine,
    extract(isoyear from jours.date)::integer as annee_semaine,
    (array{{ jours_semaine }})[extract(isodow from jours.date)::integer]::varchar(10) as jour_semaine,
    extract(day from jours.date)::integer as jour_mois,
    feries.jour is not null as est_ferie,
    extract(isodow from jours.date) >= 6 as est_weekend,
    feries.jour is null and extract(isodow from jours.date) < 6 as est_ouvre,
    feries.nom_ferie,
    date_trunc('week', jours.date::timestamp)::date as lundi_semaine,
    date_trunc('month', jours.date::timestamp)::date as premier_du_mois
from jours
left join feries on jours.date = feries.jour
