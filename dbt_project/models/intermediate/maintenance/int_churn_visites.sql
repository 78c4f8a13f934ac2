-- depends_on: {{ ref('bilan_lignes') }}
-- One row an observation: what visits had told by that evening. Whether a visit was cancelled does not count:
-- the ERP does not say when, and customers who leave have theirs cancelled.
{{ config(indexes=[{'columns': ['client_id', 'as_of'], 'unique': true}]) }}

with observations as (
    select client_id, as_of, connu_jusqu_a from {{ ref('int_churn_observations') }}
),

visites as (
    select
        interventions.*,
        types_intervention.categorie = 'Depannage' as est_depannage
    from {{ ref('int_interventions') }} as interventions
    inner join {{ ref('stg_erp__types_intervention') }} as types_intervention
        on interventions.type_intervention_id = types_intervention.type_intervention_id
),

connues as (
    select
        observations.client_id,
        observations.as_of,
        visites.intervention_id,
        visites.date_realisation is not null and visites.date_realisation <= observations.as_of as est_faite,
        visites.date_realisation > observations.as_of - 365 as est_recente,
        visites.date_realisation,
        visites.retard_jours,
        visites.date_due,
        visites.est_depannage,
        visites.probleme_resolu,
        visites.note_at,
        case when visites.note_at < observations.connu_jusqu_a then visites.satisfaction_note end as note,
        observations.as_of - {{ jour_local('visites.note_at') }} as age_note_jours
    from observations
    inner join visites
        on observations.client_id = visites.client_id and visites.demande_at < observations.connu_jusqu_a
),

ponderees as (
    select
        *,
        power(0.5::double precision, age_note_jours / 120.0::double precision) as poids
    from connues
)

select
    client_id,
    as_of,
    round(avg(note), 4) as satisfaction_moyenne,
    count(*) filter (where note < 3)::integer as nb_notes_inferieures_3,
    count(*) filter (where note < 3 and age_note_jours < 365)::integer as nb_notes_inferieures_3_12m,
    -- A note counts half as much after 120 days.
    round((sum(note * poids) / sum(poids) filter (where note is not null))::numeric, 4) as satisfaction_recente,
    (array_agg(note order by note_at desc, intervention_id desc) filter (where note is not null))[1] as derniere_note,
    round(avg(note) filter (where age_note_jours < 180) - avg(note) filter (where age_note_jours >= 180), 4)
        as tendance_satisfaction,
    as_of - max(date_realisation) filter (where est_faite) as jours_dernier_contact,
    count(*) filter (where est_faite and est_recente)::integer as nb_interventions_12m,
    count(*) filter (where est_faite and est_recente and est_depannage)::integer as nb_depannages_12m,
    count(*) filter (where est_faite and retard_jours > 7)::integer as nb_interventions_retard,
    count(*) filter (where est_faite and est_recente and retard_jours > 7)::integer as nb_interventions_retard_12m,
    round(
        count(*) filter (where est_faite and est_recente and retard_jours > 7)::numeric
        / nullif(count(*) filter (where est_faite and est_recente), 0), 4
    ) as part_retard_12m,
    count(*) filter (where est_faite and est_recente and not probleme_resolu)::integer as nb_problemes_non_resolus_12m,
    count(*) filter (where not est_faite and date_due between as_of - 365 and as_of - 8)::integer
        as nb_visites_attendues_retard
from ponderees
group by client_id, as_of
