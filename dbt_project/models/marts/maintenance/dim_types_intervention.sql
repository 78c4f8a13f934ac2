-- depends_on: {{ ref('bilan_lignes') }}
with types_intervention as (
    select * from {{ ref('stg_erp__types_intervention') }}
),

competences as (
    select competence_id, libelle from {{ ref('stg_erp__competences') }}
)

select
    types_intervention.type_intervention_id,
    types_intervention.libelle,
    types_intervention.categorie,
    competences.libelle as competence,
    types_intervention.competence_id,
    types_intervention.duree_standard_min
from types_intervention
left join competences on types_intervention.competence_id = competences.competence_id
