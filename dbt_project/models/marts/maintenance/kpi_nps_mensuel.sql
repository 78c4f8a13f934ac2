-- Grain: one row a month of answer, zone and category of intervention; the counts an NPS and its interval
-- are made of, so that both can be computed for any selection.
select
    date_trunc('month', {{ jour_local("s.repondu_at") }})::date as mois,
    case
        when {{ jour_local("s.repondu_at") }} > {{ date_metier() }} - interval '1 year' then '12 derniers mois'
        else '12 mois précédents'
    end as periode,
    coalesce(z.zone, 'Non localisé') as zone,
    coalesce(t.categorie, 'Inconnue') as categorie,
    count(*) as nb_reponses,
    count(*) filter (where s.classe_nps = 'Promoteur') as nb_promoteurs,
    count(*) filter (where s.classe_nps = 'Passif') as nb_passifs,
    count(*) filter (where s.classe_nps = 'Detracteur') as nb_detracteurs,
    date_trunc('month', {{ jour_local("s.repondu_at") }}) > {{ dernier_mois_complet() }} - interval '12 months'
    and date_trunc('month', {{ jour_local("s.repondu_at") }}) <= {{ dernier_mois_complet() }} as dans_12_mois,
    {{ date_metier() }} as date_metier
from {{ ref('fact_satisfaction') }} as s
left join {{ ref('kpi_zones') }} as z on s.zone_id = z.zone_id
left join {{ ref('kpi_types_intervention') }} as t on s.type_intervention_id = t.type_intervention_id
where
    s.note_nps is not null
    and {{ jour_local("s.repondu_at") }} > {{ date_metier() }} - interval '2 years'
    and {{ jour_local("s.repondu_at") }} <= {{ date_metier() }}
group by 1, 2, 3, 4, 9
