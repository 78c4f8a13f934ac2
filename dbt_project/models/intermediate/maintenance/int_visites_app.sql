-- depends_on: {{ ref('bilan_lignes') }}
-- One row an intervention: what the app saw of it.
{{ config(indexes=[{'columns': ['intervention_id'], 'unique': true}]) }}

with evenements as (
    select * from {{ ref('stg_app__evenements') }} where intervention_id is not null
),

pieces as (
    select
        pieces.intervention_id,
        sum(pieces.quantite)::integer as nb_pieces,
        sum(pieces.quantite * articles.prix_unitaire_eur) as montant_pieces_eur
    from {{ ref('stg_app__pieces') }} as pieces
    left join {{ ref('stg_erp__articles') }} as articles on pieces.article_id = articles.article_id
    group by pieces.intervention_id
),

visites as (
    select
        intervention_id,
        min(survenu_at) filter (where type = 'arrivee') as arrivee_at,
        max(survenu_at) filter (where type = 'depart') as depart_at,
        min(technicien_id) filter (where type = 'arrivee') as technicien_id,
        max(km_trajet) filter (where type = 'arrivee') as km_trajet,
        max(note) filter (where type = 'note') as note,
        max(survenu_at) filter (where type = 'note') as note_at,
        bool_and(conforme) filter (where type = 'rapport_signe') as conforme,
        bool_and(probleme_resolu) filter (where type = 'rapport_signe') as probleme_resolu,
        max(survenu_at) filter (where type = 'rapport_signe') as rapport_at,
        max(depassement_min) filter (where type = 'depassement') as depassement_min,
        bool_or(accepte_client) filter (where type = 'depassement') as depassement_accepte,
        max(envoye_at) as dernier_envoi_at
    from evenements
    group by intervention_id
)

select
    visites.*,
    pieces.nb_pieces,
    pieces.montant_pieces_eur
from visites
left join pieces on visites.intervention_id = pieces.intervention_id
