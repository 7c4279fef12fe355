using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChunkProxy.Web.Operations.Drain;
using ChunkProxy.Web.Operations.Purge;
using ChunkProxy.Web.Operations.Reload;
using ChunkProxy.Web.Operations.Status;
using ChunkProxy.Web.Operations.Warm;

namespace ChunkProxy.Packaging;

/// <summary>JSON schemas (draft 2020-12) of the responses below <c>/_chunkproxy/</c>, from the types that the program serializes.</summary>
/// <remarks>A schema allows further fields, because new fields do not change the meaning of the others.</remarks>
internal static class Schemas
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the name of each file in <c>docs/schemas</c>, and its text.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["stats.json"] = TextOf(StatsJson.Readable.StatsAnswer, "GET /_chunkproxy/stats"),
        ["map.json"] = TextOf(StatsJson.Readable.ClusterMap, "GET /_chunkproxy/map"),
        ["history.json"] = TextOf(StatsJson.Readable.IReadOnlyListHistoryPoint, "GET /_chunkproxy/history"),
        ["purge.json"] = TextOf(PurgeAnswerJson.Default.PurgeAnswer, "POST /_chunkproxy/purge, PURGE"),
        ["drain.json"] = TextOf(DrainAnswerJson.Readable.DrainAnswer, "POST and DELETE /_chunkproxy/drain"),
        ["reload.json"] = TextOf(ReloadAnswerJson.Readable.ReloadAnswer, "POST /_chunkproxy/reload"),
        ["warm.json"] = TextOf(WarmAnswerJson.Readable.IReadOnlyListWarmAnswer, "GET /_chunkproxy/warm"),
        ["warm-up.json"] = TextOf(WarmAnswerJson.Readable.WarmAnswer, "GET and DELETE /_chunkproxy/warm/ID, POST /_chunkproxy/warm"),
    };

    private static string TextOf(JsonTypeInfo type, string title)
    {
        var schema = (JsonObject)type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete });
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", title);
        return schema.ToJsonString(Written) + "\n";
    }

    // The exporter does not say which fields are always present.
    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject { } node || node["properties"] is not JsonObject)
        {
            return schema;
        }

        var leavesOutNull = context.TypeInfo.Options.DefaultIgnoreCondition is JsonIgnoreCondition.WhenWritingNull;
        node["required"] = new JsonArray(
            [.. context.TypeInfo.Properties.Where(property => property.Get is not null && !(leavesOutNull && property.IsGetNullable)).Select(property => JsonValue.Create(property.Name))]);
        if (context.TypeInfo.Type == typeof(StatsAnswer))
        {
            ((JsonObject)node["properties"]!["schema"]!)["const"] = StatsReader.Schema;
        }

        return schema;
    }
}
