using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChunkProxy.Web.Operations.Drain;
using ChunkProxy.Web.Operations.Warm;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>The JSON form of the statistics.</summary>
[JsonSerializable(typeof(StatsAnswer))]
[JsonSerializable(typeof(MapAnswer))]
[JsonSerializable(typeof(IReadOnlyList<HistoryPoint>))]
[JsonSerializable(typeof(WarmAnswer))]
[JsonSerializable(typeof(DrainAnswer))]
[JsonSerializable(typeof(IReadOnlyList<WarmAnswer>))]
internal sealed partial class StatsJson : JsonSerializerContext
{
    /// <summary>For people too: indented, and only what JSON itself demands is escaped. The answer is JSON, never part of a page.</summary>
    public static StatsJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
