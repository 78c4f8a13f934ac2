{{ lignes_en_quarantaine(ref('base_erp__interventions')) }}
