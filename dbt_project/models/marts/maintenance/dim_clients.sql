-- depends_on: {{ ref('bilan_lignes') }}
{{ config(indexes=[{'columns': ['zone_id']}]) }}

with clients as (
    select * from {{ ref('stg_erp__clients') }}
),

historique as (
    select client_id, client_sk from {{ ref('dim_clients_historique') }} where est_courant
),

contrats as (
    select
        client_id,
        min(date_debut) as date_premier_contrat,
        bool_or(est_actif) as contrat_actif,
        coalesce(max(date_fin) filter (where est_actif), max(date_fin_effective)) as date_fin_contrat,
        count(*) filter (where est_actif)::integer as nb_contrats_actifs,
        coalesce(sum(montant_annuel_eur) filter (where est_actif), 0) as montant_contrat_annuel
    from {{ ref('int_contrats') }}
    group by client_id
),

interventions as (
    select
        client_id,
        count(*)::integer as nb_interventions_total,
        avg(satisfaction_note) as satisfaction_moyenne,
        max(date_realisation) as date_derniere_intervention
    from {{ ref('int_interventions') }}
    where est_realisee
    group by client_id
),

scores as (
    select distinct on (client_id) *
    from {{ source('ml', 'scores_churn') }}
    where as_of <= {{ date_metier() }}
    order by client_id, as_of desc
)

select
    clients.client_id,
    historique.client_sk,
    left(clients.nom, 100)::varchar(100) as nom,
    left(clients.prenom, 100)::varchar(100) as prenom,
    clients.type,
    clients.segment,
    left(clients.adresse, 255)::varchar(255) as adresse,
    left(clients.code_postal, 5)::varchar(5) as code_postal,
    left(clients.ville, 100)::varchar(100) as ville,
    clients.latitude,
    clients.longitude,
    clients.zone_id,
    contrats.date_premier_contrat,
    coalesce(contrats.contrat_actif, false) as contrat_actif,
    contrats.date_fin_contrat,
    coalesce(interventions.nb_interventions_total, 0) as nb_interventions_total,
    round(interventions.satisfaction_moyenne, 2) as satisfaction_moyenne,
    scores.risque_churn,
    round(scores.score::numeric, 4) as score_churn,
    clients.email,
    clients.telephone,
    clients.ouverture,
    clients.fermeture,
    clients.accepte_contact,
    clients.date_creation,
    coalesce(contrats.nb_contrats_actifs, 0) as nb_contrats_actifs,
    round(coalesce(contrats.montant_contrat_annuel, 0), 2) as montant_contrat_annuel,
    interventions.date_derniere_intervention,
    scores.cause_1,
    scores.cause_2,
    scores.cause_3,
    scores.action_suggeree,
    scores.as_of as score_au,
    clients.avertissement
from clients
inner join historique on clients.client_id = historique.client_id
left join contrats on clients.client_id = contrats.client_id
left join interventions on clients.client_id = interventions.client_id
left join scores on clients.client_id = scores.client_id
