{#- What the KPI marts share: texts as people read them, windows counted back from the business date. -#}

{#- Labels are stored in ASCII; dashboards show French. For the small label models only: one pass a word. -#}
{% macro accents(texte) -%}
{%- set mots = {
    "Preventif": "Préventif", "Depannage": "Dépannage", "depannage": "dépannage", "Controle": "Contrôle",
    "controle": "contrôle", "Eclairage": "Éclairage", "eclairage": "éclairage",
    "Photovoltaique": "Photovoltaïque", "photovoltaique": "photovoltaïque", "electrique": "électrique",
    "Electrique": "Électrique", "electricite": "électricité", "securite": "sécurité", "Securite": "Sécurité",
    "Verification": "Vérification", "verification": "vérification", "Reparation": "Réparation",
    "reparation": "réparation", "Conformite": "Conformité", "conformite": "conformité",
    "agglomeration": "agglomération", "reseau": "réseau", "detecteur": "détecteur", "detecteurs": "détecteurs",
} -%}
{%- set sortie = namespace(sql=texte) -%}
{%- for ascii, accentue in mots.items() -%}
{%- set sortie.sql = "regexp_replace(" ~ sortie.sql ~ ", '\\m" ~ ascii ~ "\\M', '" ~ accentue ~ "', 'g')" -%}
{%- endfor -%}
{{ sortie.sql }}
{%- endmacro %}

{#- A status or a level as people read it. -#}
{% macro affiche(statut) -%}
case {{ statut }}
    when 'A planifier' then 'À planifier'
    when 'Planifiee' then 'Planifiée'
    when 'A valider' then 'À valider'
    when 'Valide' then 'Validé'
    when 'Annule' then 'Annulé'
    when 'Eleve' then 'Élevé'
    else {{ statut }}
end
{%- endmacro %}

{#- First day of the last month that is over at the end of the business day. -#}
{% macro dernier_mois_complet() -%}
(date_trunc('month', {{ date_metier() }} + 1) - interval '1 month')::date
{%- endmacro %}

{#- Monday of the week that is planned next. -#}
{% macro lundi_prochain() -%}
(date_trunc('week', {{ date_metier() }})::date + 7)
{%- endmacro %}

{#- 'lun. 17/11' -#}
{% macro jour_court(jour) -%}
(array['lun.', 'mar.', 'mer.', 'jeu.', 'ven.', 'sam.', 'dim.'])[extract(isodow from {{ jour }})::integer]
    || to_char({{ jour }}, ' DD/MM')
{%- endmacro %}

{#- A person's or a company's name on one line. -#}
{% macro nom_affiche(alias) -%}
trim(coalesce({{ alias }}.prenom || ' ', '') || {{ alias }}.nom)
{%- endmacro %}
