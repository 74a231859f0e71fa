//! The messages of the model, as its `.proto` file has them.

use prost::Message;
use serde::Serialize;

#[derive(Clone, PartialEq, Message)]
pub(crate) struct PredictionRequest {
    #[prost(int64, tag = "1")]
    pub(crate) ticket_id: i64,
    #[prost(message, repeated, tag = "2")]
    pub(crate) ticket_rows: Vec<TicketRow>,
    #[prost(string, repeated, tag = "3")]
    pub(crate) assets_to_predict: Vec<String>,
}

/// Of its many columns those that somebody looks at here.
#[derive(Clone, PartialEq, Message, Serialize)]
pub(crate) struct TicketRow {
    #[prost(string, tag = "1")]
    pub(crate) asset: String,
    #[prost(string, tag = "5")]
    pub(crate) task_result: String,
    #[prost(string, tag = "22")]
    pub(crate) task: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct PredictionResponse {
    #[prost(bool, tag = "1")]
    pub(crate) success: bool,
    #[prost(string, tag = "2")]
    pub(crate) message: String,
    #[prost(int64, tag = "3")]
    pub(crate) ticket_id: i64,
    #[prost(message, repeated, tag = "4")]
    pub(crate) asset_predictions: Vec<AssetPrediction>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AssetPrediction {
    #[prost(string, tag = "1")]
    pub(crate) asset: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) task_results: Vec<TaskResult>,
    #[prost(message, optional, tag = "3")]
    pub(crate) error: Option<ModelError>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskResult {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(float, tag = "2")]
    pub(crate) probability: f32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ModelError {
    #[prost(string, tag = "1")]
    pub(crate) code: String,
    #[prost(string, tag = "2")]
    pub(crate) message: String,
}

#[derive(Clone, PartialEq, Message, Serialize)]
pub(crate) struct SaveMetricsRequest {
    #[prost(int64, tag = "1")]
    pub(crate) ticket_id: i64,
    #[prost(message, repeated, tag = "2")]
    pub(crate) ticket_rows: Vec<TicketRow>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
pub(crate) struct SaveLiveMetricsRequest {
    #[prost(int64, tag = "1")]
    pub(crate) ticket_id: i64,
    #[prost(string, tag = "2")]
    pub(crate) asset_id: String,
    #[prost(bool, tag = "3")]
    pub(crate) automated_successfully: bool,
}

/// Of both ways to save.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct SaveResponse {
    #[prost(string, tag = "1")]
    pub(crate) message: String,
}
