-- Grain: one row an intervention not finished on the business date.
select
    i.intervention_id,
    {{ affiche("i.statut") }} as statut,
    i.urgence::text as urgence,
    i.statut = 'A planifier' as est_a_planifier,
    i.urgence = 'Urgente' as est_urgente,
    greatest(i.retard_jours, 0)::integer as retard_jours,
    i.retard_jours > 7 as est_en_retard_7j,
    case
        when i.retard_jours > 7 then '1 · Retard > 7 jours'
        when i.retard_jours > 0 then '2 · Retard de 1 à 7 jours'
        when i.date_due <= {{ lundi_prochain() }} + 6 then '3 · Due d''ici dimanche prochain'
        else '4 · Due plus tard'
    end as echeance,
    {{ jour_local("i.demande_at") }} as date_demande,
    i.date_due,
    i.date_planifiee,
    i.duree_prevue_min,
    i.client_id,
    {{ nom_affiche("c") }}::text as client,
    c.ville::text as ville,
    coalesce(z.zone, 'Non localisé') as zone,
    coalesce(t.categorie, 'Inconnue') as categorie,
    coalesce(t.type_intervention, 'Inconnu') as type_intervention,
    coalesce(tech.nom_complet, 'À affecter')::text as technicien,
    {{ date_metier() }} as date_metier
from {{ ref('fact_interventions_a_planifier') }} as i
left join {{ ref('dim_clients') }} as c on i.client_id = c.client_id
left join {{ ref('kpi_zones') }} as z on i.zone_id = z.zone_id
left join {{ ref('kpi_types_intervention') }} as t on i.type_intervention_id = t.type_intervention_id
left join {{ ref('dim_techniciens') }} as tech on i.technicien_id = tech.technicien_id
