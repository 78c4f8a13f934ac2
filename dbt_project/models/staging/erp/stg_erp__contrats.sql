select
    contrat_id,
    client_id,
    reference,
    date_debut,
    date_fin,
    montant_annuel_eur,
    nb_visites_an,
    statut,
    date_resiliation,
    motif_resiliation,
    contrat_precedent_id,
    avertissement,
    updated_at
from {{ ref('base_erp__contrats') }}
where statut_ligne = 'courante'
