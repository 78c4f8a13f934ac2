{{ config(indexes=[{'columns': ['client_id']}, {'columns': ['date_debut']}]) }}

select
    contrat_id,
    client_id,
    reference,
    to_char(date_debut, 'YYYYMMDD')::integer as date_id,
    date_debut,
    date_fin,
    montant_annuel_eur,
    nb_visites_an,
    statut,
    date_resiliation,
    motif_resiliation,
    contrat_precedent_id,
    est_actif,
    est_renouvele,
    date_fin_effective,
    -- Came to its end or was cancelled in the twelve months up to the business date: one case for the renewal rate.
    date_fin_effective <= {{ date_metier() }}
    and date_fin_effective > {{ date_metier() }} - interval '12 months' as est_renouvelable_12m,
    date_fin - {{ date_metier() }} as jours_avant_fin
from {{ ref('int_contrats') }}
