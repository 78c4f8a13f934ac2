"""Columns that must arrive: what staging reads of each landing table."""

from __future__ import annotations

from warehouse.sources.catalogue import ERP_TABLES, FEEDS

_ERP: dict[str, str] = {
    "zones": "zone_id nom_zone latitude_centre longitude_centre rayon_km superficie_km2 technicien_id",
    "techniciens": "technicien_id nom prenom email telephone date_embauche date_sortie zone_principale_id "
    "domicile_latitude domicile_longitude taux_horaire_eur heures_jour",
    "competences": "competence_id libelle",
    "technicien_competences": "technicien_competence_id technicien_id competence_id niveau obtenue_le",
    "absences": "absence_id technicien_id date_debut date_fin motif",
    "types_intervention": "type_intervention_id libelle categorie competence_id duree_standard_min",
    "articles": "article_id reference libelle prix_unitaire_eur competence_id",
    "clients": "client_id nom prenom type_client segment email telephone adresse code_postal ville "
    "latitude longitude zone_id ouverture fermeture accepte_contact date_creation",
    "contrats": "contrat_id client_id reference date_debut date_fin montant_annuel_eur nb_visites_an statut "
    "date_resiliation motif_resiliation contrat_precedent_id",
    "installations": "installation_id client_id competence_id date_pose puissance_kva",
    "interventions": "intervention_id client_id contrat_id installation_id type_intervention_id "
    "technicien_id demande_at date_due date_planifiee heure_prevue duree_prevue_min urgence statut "
    "rdv_debut rdv_fin taux_horaire_eur intervention_origine_id",
    "intervention_pieces": "intervention_piece_id intervention_id article_id quantite prix_unitaire_eur",
    "devis": "devis_id client_id intervention_id technicien_id date_emission montant_eur statut "
    "date_decision",
    "factures": "facture_id client_id intervention_id contrat_id devis_id date_facture nature "
    "montant_pieces_eur montant_mo_eur montant_heures_sup_eur montant_total_eur statut",
    "reclamations": "reclamation_id client_id intervention_id date_ouverture motif statut date_resolution",
}
_ERP_TECHNICAL = ("updated_at", "_source", "_lot", "_charge_at", "_supprime")
_FEED = ("fichier", "ligne", "payload", "encodage", "_source", "_lot", "_charge_at")


def landing_columns() -> dict[str, tuple[str, ...]]:
    """Landing table -> its expected columns, for every table of the catalogue."""
    tables = {table.landed: (*_ERP[name].split(), *_ERP_TECHNICAL) for name, table in ERP_TABLES.items()}
    return tables | {feed: _FEED for feed in FEEDS}


_SERVED: dict[str, str] = {
    "fact_interventions": "intervention_id date_id client_id technicien_id zone_id type_intervention_id "
    "heure_arrivee heure_depart duree_min duree_prevue_min ecart_min km_parcourus pieces_remplacees "
    "montant_pieces montant_mo montant_total montant_refacture satisfaction_note conforme",
    "fact_satisfaction": "intervention_id client_id technicien_id zone_id note_nps classe_nps",
    "fact_devis": "devis_id date_id client_id technicien_id montant_eur statut",
    "fact_contrats": "contrat_id client_id date_debut date_fin montant_annuel_eur statut",
    "dim_clients": "client_id nom prenom type segment adresse code_postal ville latitude longitude zone_id "
    "date_premier_contrat contrat_actif date_fin_contrat nb_interventions_total satisfaction_moyenne "
    "risque_churn score_churn",
    "dim_techniciens": "technicien_id nom prenom specialites zone_principale taux_depassement",
    "dim_zones": "zone_id nom_zone latitude_centre longitude_centre rayon_km nb_clients_zone",
}


def served_columns() -> dict[str, tuple[str, ...]]:
    """Mart -> columns its readers rely on."""
    return {mart: tuple(columns.split()) for mart, columns in _SERVED.items()}
