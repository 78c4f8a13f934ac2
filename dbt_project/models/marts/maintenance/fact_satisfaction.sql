-- depends_on: {{ ref('bilan_lignes') }}
{{ config(indexes=[{'columns': ['date_id']}, {'columns': ['client_id']}, {'columns': ['intervention_id']}]) }}

with reponses as (
    select * from {{ ref('stg_enquete__reponses') }}
),

interventions as (
    select intervention_id, technicien_id, type_intervention_id from {{ ref('int_interventions') }}
),

clients as (
    select client_id, zone_id from {{ ref('stg_erp__clients') }}
)

select
    reponses.invitation_id,
    to_char({{ jour_local('reponses.envoye_at') }}, 'YYYYMMDD')::integer as date_id,
    reponses.intervention_id,
    reponses.client_id,
    interventions.technicien_id,
    clients.zone_id,
    interventions.type_intervention_id,
    reponses.envoye_at,
    reponses.repondu_at,
    reponses.canal,
    reponses.repondu_at is not null as a_repondu,
    reponses.note_nps,
    {{ classe_nps('reponses.note_nps') }} as classe_nps,
    reponses.technicien_professionnel,
    reponses.delai_respecte,
    reponses.probleme_resolu,
    reponses.commentaire_professionnel,
    reponses.commentaire_delai,
    reponses.commentaire_resolu,
    reponses.suggestions
from reponses
inner join clients on reponses.client_id = clients.client_id
left join interventions on reponses.intervention_id = interventions.intervention_id
