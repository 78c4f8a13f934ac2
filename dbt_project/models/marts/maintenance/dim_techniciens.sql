-- depends_on: {{ ref('bilan_lignes') }}
with techniciens as (
    select * from {{ ref('stg_erp__techniciens') }}
),

historique as (
    select technicien_id, technicien_sk from {{ ref('dim_techniciens_historique') }} where est_courant
),

specialites as (
    select
        acquises.technicien_id,
        jsonb_agg(competences.libelle order by competences.libelle) as specialites
    from {{ ref('stg_erp__technicien_competences') }} as acquises
    inner join {{ ref('stg_erp__competences') }} as competences on acquises.competence_id = competences.competence_id
    where acquises.obtenue_le is null or acquises.obtenue_le <= {{ date_metier() }}
    group by acquises.technicien_id
),

-- "Month" is the calendar month of the business date, "rate" the twelve months up to it.
interventions as (
    select
        technicien_id,
        count(*) filter (where est_du_mois)::integer as nb_interventions_mois,
        sum(km_parcourus) filter (where est_du_mois) as km_visites_mois,
        avg(satisfaction_note) as satisfaction_moyenne,
        {{ taux_pct('ecart_min > 0', 'ecart_min is not null') }} as taux_depassement
    from {{ ref('int_interventions') }}
    cross join lateral (
        select {{ mois_de('date_realisation') }} = {{ mois_de(date_metier()) }} as est_du_mois
    ) as mois
    where est_realisee
        and date_realisation > {{ date_metier() }} - interval '12 months'
        and date_realisation <= {{ date_metier() }}
    group by technicien_id
),

retours as (
    select technicien_id, sum(km_trajet) as km_retours_mois
    from {{ ref('stg_app__evenements') }}
    where type = 'fin_journee'
        and {{ mois_de(jour_local('survenu_at')) }} = {{ mois_de(date_metier()) }}
    group by technicien_id
),

zones as (
    select zone_id, nom_zone from {{ ref('stg_erp__zones') }}
)

select
    techniciens.technicien_id,
    historique.technicien_sk,
    left(techniciens.nom, 100)::varchar(100) as nom,
    left(techniciens.prenom, 100)::varchar(100) as prenom,
    concat_ws(' ', techniciens.prenom, techniciens.nom) as nom_complet,
    extract(year from age(
        coalesce(least(techniciens.date_sortie, {{ date_metier() }}), {{ date_metier() }}), techniciens.date_embauche
    ))::integer as anciennete_ans,
    coalesce(specialites.specialites, '[]'::jsonb) as specialites,
    left(zones.nom_zone, 50)::varchar(50) as zone_principale,
    coalesce(interventions.nb_interventions_mois, 0) as nb_interventions_mois,
    round(interventions.satisfaction_moyenne, 2) as satisfaction_moyenne,
    round(
        coalesce(interventions.km_visites_mois, 0) + coalesce(retours.km_retours_mois, 0)
    )::integer as km_parcourus_mois,
    interventions.taux_depassement,
    techniciens.zone_principale_id,
    techniciens.email,
    techniciens.telephone,
    techniciens.date_embauche,
    techniciens.date_sortie,
    techniciens.date_sortie is null or techniciens.date_sortie > {{ date_metier() }} as est_present,
    techniciens.domicile_latitude,
    techniciens.domicile_longitude,
    techniciens.taux_horaire_eur,
    techniciens.heures_jour,
    techniciens.avertissement
from techniciens
inner join historique on techniciens.technicien_id = historique.technicien_id
left join specialites on techniciens.technicien_id = specialites.technicien_id
left join interventions on techniciens.technicien_id = interventions.technicien_id
left join retours on techniciens.technicien_id = retours.technicien_id
left join zones on techniciens.zone_principale_id = zones.zone_id
