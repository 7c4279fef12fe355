using System.Text.Json.Serialization;
using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>The JSON form of the statistics.</summary>
[JsonSerializable(typeof(StatsAnswer))]
[JsonSerializable(typeof(ClusterMap))]
[JsonSerializable(typeof(IReadOnlyList<HistoryPoint>))]
internal sealed partial class StatsJson : JsonSerializerContext
{
    public static StatsJson Readable { get; } = new(ReadableJson.CreateOptions());
}
