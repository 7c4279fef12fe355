using System.Text.Json.Serialization;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Operations.Drain;

/// <summary>The JSON that an order to drain, or to join again, is answered with.</summary>
[JsonSerializable(typeof(DrainAnswer))]
internal sealed partial class DrainAnswerJson : JsonSerializerContext
{
    public static DrainAnswerJson Readable { get; } = new(ReadableJson.CreateOptions());
}
