select
    intervention_id,
    client_id,
    contrat_id,
    installation_id,
    type_intervention_id,
    technicien_id,
    demande_at,
    date_due,
    date_planifiee,
    heure_prevue,
    duree_prevue_min,
    urgence,
    statut,
    rdv_debut,
    rdv_fin,
    taux_horaire_eur,
    intervention_origine_id,
    avertissement,
    updated_at
from {{ ref('base_erp__interventions') }}
where statut_ligne = 'courante'
