-- Grain: one bar of the weekly calendar: a visit, or a working day without visits (free, or absent).
with barres as (
    select
        technicien_id,
        technicien,
        jour,
        debut::time as debut,
        fin::time as fin,
        categorie,
        client,
        type_intervention,
        zone,
        urgence,
        origine,
        intervention_id
    from {{ ref('kpi_visites_semaine') }}
    union all
    select
        technicien_id,
        technicien,
        jour,
        time '08:00',
        -- A free day is a bar without length: its line stays on the calendar.
        case when absent then time '17:00' else time '08:00' end,
        case when absent then 'Absence' else 'Libre' end,
        null,
        null,
        zone_principale,
        null,
        null,
        null
    from {{ ref('kpi_charge_techniciens') }}
    where nb_visites = 0
)

select
    intervention_id,
    technicien_id,
    technicien,
    jour,
    technicien || ' · ' || {{ jour_court("jour") }} as ligne,
    -- Hours of the day on one date (the Monday), so that the days lie under one another.
    ({{ lundi_prochain() }} + debut) as heure_debut,
    ({{ lundi_prochain() }} + fin) as heure_fin,
    categorie,
    client,
    type_intervention,
    zone,
    urgence,
    origine,
    {{ date_metier() }} as date_metier
from barres
