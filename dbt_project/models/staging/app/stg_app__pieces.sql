select
    evenements.evenement_id,
    piece.rang::integer as rang,
    evenements.intervention_id,
    {{ essai_entier("piece.valeur ->> 'article_id'") }} as article_id,
    {{ essai_entier("piece.valeur ->> 'quantite'") }} as quantite,
    evenements.survenu_at
from {{ ref('stg_app__evenements') }} as evenements
cross join lateral jsonb_array_elements(
    case when jsonb_typeof(evenements.pieces) = 'array' then evenements.pieces else '[]' end
) with ordinality as piece (valeur, rang)
where evenements.type = 'pieces'
