-- depends_on: {{ ref('bilan_lignes') }}
-- One row an observation: surveys, complaints, refused quotes and invoices known by that evening.
{{ config(indexes=[{'columns': ['client_id', 'as_of'], 'unique': true}]) }}

with observations as (
    select client_id, as_of, connu_jusqu_a from {{ ref('int_churn_observations') }}
),

enquetes as (
    select
        observations.client_id,
        observations.as_of,
        count(*) as nb_invitations,
        count(*) filter (where reponses.repondu_at < observations.connu_jusqu_a) as nb_reponses,
        (array_agg(reponses.note_nps order by reponses.repondu_at desc, reponses.invitation_id desc)
            filter (where reponses.repondu_at < observations.connu_jusqu_a and reponses.note_nps is not null)
        )[1] as derniere_note_nps,
        count(*) filter (where reponses.repondu_at < observations.connu_jusqu_a and reponses.note_nps <= 6)
            as nb_reponses_detracteur
    from observations
    inner join {{ ref('stg_enquete__reponses') }} as reponses
        on observations.client_id = reponses.client_id and reponses.envoye_at < observations.connu_jusqu_a
    group by observations.client_id, observations.as_of
),

reclamations as (
    select
        observations.client_id,
        observations.as_of,
        count(*) filter (where reclamations.date_ouverture > observations.as_of - 365) as nb_reclamations,
        count(*) filter (
            where reclamations.date_resolution is null or reclamations.date_resolution > observations.as_of
        ) as nb_reclamations_ouvertes
    from observations
    inner join {{ ref('stg_erp__reclamations') }} as reclamations
        on observations.client_id = reclamations.client_id and reclamations.date_ouverture <= observations.as_of
    group by observations.client_id, observations.as_of
),

devis as (
    select
        observations.client_id,
        observations.as_of,
        count(*) as nb_devis_refuses_12m
    from observations
    inner join {{ ref('stg_erp__devis') }} as devis
        on observations.client_id = devis.client_id
        and devis.statut = 'Refuse'
        and devis.date_decision <= observations.as_of
        and devis.date_decision > observations.as_of - 365
    group by observations.client_id, observations.as_of
),

-- An invoice cancelled later was an invoice that day: its status is not looked at.
factures as (
    select
        observations.client_id,
        observations.as_of,
        sum(factures.montant_total_eur) as montant_interventions_12m
    from observations
    inner join {{ ref('stg_erp__factures') }} as factures
        on observations.client_id = factures.client_id
        and factures.nature = 'Intervention'
        and factures.date_facture <= observations.as_of
        and factures.date_facture > observations.as_of - 365
    group by observations.client_id, observations.as_of
)

select
    observations.client_id,
    observations.as_of,
    round(enquetes.nb_reponses::numeric / nullif(enquetes.nb_invitations, 0), 4) as taux_reponse_enquete,
    enquetes.derniere_note_nps,
    coalesce(enquetes.nb_reponses_detracteur, 0)::integer as nb_reponses_detracteur,
    coalesce(reclamations.nb_reclamations, 0)::integer as nb_reclamations,
    coalesce(reclamations.nb_reclamations_ouvertes, 0)::integer as nb_reclamations_ouvertes,
    coalesce(devis.nb_devis_refuses_12m, 0)::integer as nb_devis_refuses_12m,
    coalesce(factures.montant_interventions_12m, 0) as montant_interventions_12m
from observations
left join enquetes on observations.client_id = enquetes.client_id and observations.as_of = enquetes.as_of
left join reclamations on observations.client_id = reclamations.client_id and observations.as_of = reclamations.as_of
left join devis on observations.client_id = devis.client_id and observations.as_of = devis.as_of
left join factures on observations.client_id = factures.client_id and observations.as_of = factures.as_of
