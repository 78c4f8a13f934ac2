{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='intervention_id',
    on_schema_change='append_new_columns',
    indexes=[
        {'columns': ['date_id']}, {'columns': ['client_id']}, {'columns': ['technicien_id', 'date_id']},
        {'columns': ['zone_id']}, {'columns': ['type_intervention_id']}
    ],
    post_hook=[
        "{{ retirer_absentes('intervention_id', ref('int_interventions'), 'est_realisee') }}",
        "{{ retablir_cles_etrangeres() }}"
    ]
) }}

with interventions as (
    select
        *,
        coalesce(heure_arrivee, {{ fin_de_jour('date_realisation') }}) as moment
    from {{ ref('int_interventions') }}
    where est_realisee
),

clients as (
    select
        client_sk,
        client_id,
        valide_du,
        lead(valide_du) over (partition by client_id order by valide_du) as suivante_du
    from {{ ref('dim_clients_historique') }}
),

techniciens as (
    select
        technicien_sk,
        technicien_id,
        valide_du,
        lead(valide_du) over (partition by technicien_id order by valide_du) as suivante_du
    from {{ ref('dim_techniciens_historique') }}
),

calculees as (
    select
        interventions.intervention_id,
        to_char(interventions.date_realisation, 'YYYYMMDD')::integer as date_id,
        interventions.client_id,
        interventions.technicien_id,
        interventions.zone_id,
        interventions.type_intervention_id,
        interventions.heure_arrivee,
        interventions.heure_depart,
        interventions.duree_min,
        interventions.duree_prevue_min,
        interventions.ecart_min,
        interventions.km_parcourus,
        interventions.pieces_remplacees,
        interventions.montant_pieces,
        interventions.montant_mo,
        interventions.montant_total,
        interventions.montant_refacture,
        interventions.satisfaction_note,
        interventions.conforme,
        clients.client_sk,
        techniciens.technicien_sk,
        interventions.contrat_id,
        interventions.date_planifiee,
        interventions.date_due,
        {{ jour_local('interventions.demande_at') }} as date_demande,
        interventions.retard_jours,
        interventions.urgence,
        interventions.probleme_resolu,
        interventions.heures_sup_min,
        interventions.heures_sup_acceptees,
        interventions.heures_sup_theorique,
        interventions.montant_heures_sup_facture,
        interventions.intervention_origine_id,
        interventions.avertissement,
        interventions.modifie_at as updated_at
    from interventions
    inner join clients
        on interventions.client_id = clients.client_id
        and interventions.moment >= clients.valide_du
        and (interventions.moment < clients.suivante_du or clients.suivante_du is null)
    inner join techniciens
        on interventions.technicien_id = techniciens.technicien_id
        and interventions.moment >= techniciens.valide_du
        and (interventions.moment < techniciens.suivante_du or techniciens.suivante_du is null)
),

final as (
    select
        *,
        hash_record_extended(calculees, 0) as empreinte
    from calculees
)

select final.*
from final
{% if is_incremental() -%}
left join {{ this }} as deja
    on final.intervention_id = deja.intervention_id and final.empreinte = deja.empreinte
where deja.intervention_id is null
{%- endif %}
