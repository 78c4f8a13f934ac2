-- Grain: one row a portal request of the last eight weeks, or still waiting for an answer.
select
    r.demande_id::text as demande_id,
    r.emis_at at time zone 'Europe/Paris' as emis_le,
    {{ affiche("r.statut") }} as statut,
    case r.statut when 'A valider' then 1 when 'Valide' then 2 else 3 end as ordre_statut,
    {{ jour_local("r.creneau_debut") }} as jour_souhaite,
    to_char(r.creneau_debut at time zone 'Europe/Paris', 'HH24:MI')
    || ' – ' || to_char(r.creneau_fin at time zone 'Europe/Paris', 'HH24:MI') as creneau,
    r.urgence::text as urgence,
    {{ nom_affiche("c") }}::text as client,
    c.ville::text as ville,
    coalesce(z.zone, 'Non localisé') as zone,
    coalesce(t.categorie, 'Inconnue') as categorie,
    coalesce(t.type_intervention, 'Inconnu') as type_intervention,
    {{ date_metier() }} as date_metier
from {{ ref('fact_rdv_portail') }} as r
left join {{ ref('dim_clients') }} as c on r.client_id = c.client_id
left join {{ ref('kpi_zones') }} as z on c.zone_id = z.zone_id
left join {{ ref('kpi_types_intervention') }} as t on r.type_intervention_id = t.type_intervention_id
where
    {{ jour_local("r.emis_at") }} <= {{ date_metier() }}
    and ({{ jour_local("r.emis_at") }} > {{ date_metier() }} - 56 or r.statut = 'A valider')
