-- depends_on: {{ ref('bilan_lignes') }}
-- One row a valid intervention of a valid customer, done or not, with everything computed about it.
{{ config(indexes=[
    {'columns': ['intervention_id'], 'unique': true}, {'columns': ['client_id']}, {'columns': ['technicien_id']}
]) }}

with interventions as (
    select * from {{ ref('stg_erp__interventions') }}
),

visites as (
    select * from {{ ref('int_visites_app') }}
),

montants as (
    select * from {{ ref('int_montants_interventions') }}
),

clients as (
    select client_id, zone_id from {{ ref('stg_erp__clients') }}
),

types_intervention as (
    select type_intervention_id from {{ ref('stg_erp__types_intervention') }}
),

techniciens as (
    select technicien_id from {{ ref('stg_erp__techniciens') }}
),

reunies as (
    select
        interventions.*,
        clients.zone_id,
        visites.arrivee_at,
        visites.depart_at,
        visites.km_trajet,
        visites.note,
        visites.note_at,
        visites.conforme,
        visites.probleme_resolu,
        visites.depassement_accepte,
        techniciens.technicien_id as technicien_valide_id,
        montants.montant_facture_eur,
        montants.montant_heures_sup_eur,
        coalesce(visites.depassement_min, 0) as heures_sup_min,
        coalesce(montants.nb_pieces, visites.nb_pieces, 0) as pieces_remplacees,
        coalesce(montants.montant_pieces_eur, visites.montant_pieces_eur, 0) as montant_pieces,
        -- The app knows a visit is over minutes before the ERP does.
        techniciens.technicien_id is not null and (
            interventions.statut = 'Terminee' or (
                interventions.statut <> 'Annulee' and visites.depart_at is not null and visites.rapport_at is not null
            )
        ) as est_realisee,
        round(extract(epoch from visites.depart_at - visites.arrivee_at) / 60)::integer as duree_min,
        greatest(interventions.updated_at, visites.dernier_envoi_at, montants.updated_at) as modifie_at
    from interventions
    inner join clients on interventions.client_id = clients.client_id
    inner join types_intervention on interventions.type_intervention_id = types_intervention.type_intervention_id
    left join visites on interventions.intervention_id = visites.intervention_id
    -- Who really came, before who was planned.
    left join techniciens on coalesce(visites.technicien_id, interventions.technicien_id) = techniciens.technicien_id
    left join montants on interventions.intervention_id = montants.intervention_id
),

datees as (
    select
        *,
        case when est_realisee
            then coalesce({{ jour_local('arrivee_at') }}, {{ jour_local('depart_at') }}, date_planifiee, date_due)
        end as date_realisation
    from reunies
)

select
    intervention_id,
    client_id,
    contrat_id,
    installation_id,
    type_intervention_id,
    case when est_realisee then technicien_valide_id else technicien_id end as technicien_id,
    zone_id,
    demande_at,
    date_due,
    date_planifiee,
    heure_prevue,
    rdv_debut,
    rdv_fin,
    urgence,
    statut,
    est_realisee,
    date_realisation,
    arrivee_at as heure_arrivee,
    depart_at as heure_depart,
    duree_min,
    duree_prevue_min,
    duree_min - duree_prevue_min as ecart_min,
    date_realisation - date_due as retard_jours,
    km_trajet as km_parcourus,
    pieces_remplacees,
    round(montant_pieces, 2) as montant_pieces,
    round(coalesce(duree_min, 0) * taux_horaire_eur / 60, 2) as montant_mo,
    round(coalesce(montant_facture_eur, 0), 2) as montant_total,
    heures_sup_min,
    coalesce(depassement_accepte, false) as heures_sup_acceptees,
    round(heures_sup_min * taux_horaire_eur / 60, 2) as heures_sup_theorique,
    case
        when depassement_accepte then round(heures_sup_min * taux_horaire_eur / 60, 2)
        else 0
    end as montant_refacture,
    round(coalesce(montant_heures_sup_eur, 0), 2) as montant_heures_sup_facture,
    note as satisfaction_note,
    note_at,
    conforme,
    probleme_resolu,
    taux_horaire_eur,
    intervention_origine_id,
    avertissement,
    modifie_at
from datees
