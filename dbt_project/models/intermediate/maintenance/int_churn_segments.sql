-- One row an observation: the segment the customer had that day. The ERP keeps the present one only. Where landing
-- holds a version of that day, it is taken; before the first version, a contract with another number of visits
-- a year betrays another segment: the usual one for that number.
{{ config(indexes=[{'columns': ['client_id', 'as_of'], 'unique': true}]) }}

with observations as (
    select client_id, as_of, connu_jusqu_a, nb_visites_an from {{ ref('int_churn_observations') }}
),

versions as (
    select
        client_id,
        segment,
        type,
        valide_du,
        row_number() over (partition by client_id order by valide_du) = 1 as est_premiere,
        lead(valide_du) over (partition by client_id order by valide_du) as suivante_du
    from {{ ref('dim_clients_historique') }}
),

-- The number of visits of each customer's newest contract: the one the first landed segment goes with.
derniers_contrats as (
    select distinct on (client_id)
        client_id,
        nb_visites_an
    from {{ ref('int_contrats') }}
    order by client_id, date_debut desc, contrat_id desc
),

usages as (
    select
        derniers_contrats.nb_visites_an,
        mode() within group (order by versions.segment) as segment
    from derniers_contrats
    inner join versions on derniers_contrats.client_id = versions.client_id and versions.suivante_du is null
    group by derniers_contrats.nb_visites_an
)

select
    observations.client_id,
    observations.as_of,
    versions.type as type_client,
    case
        when versions.est_premiere and observations.nb_visites_an <> derniers_contrats.nb_visites_an
            then coalesce(usages.segment, versions.segment)
        else versions.segment
    end as segment
from observations
inner join versions
    on observations.client_id = versions.client_id
    and observations.connu_jusqu_a > versions.valide_du
    and (observations.connu_jusqu_a <= versions.suivante_du or versions.suivante_du is null)
left join derniers_contrats on observations.client_id = derniers_contrats.client_id
left join usages on observations.nb_visites_an = usages.nb_visites_an
