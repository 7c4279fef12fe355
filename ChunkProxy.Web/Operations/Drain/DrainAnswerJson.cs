using System.Text.Json.Serialization;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Operations.Drain;

/// <summary>The JSON of a response to drain or rejoin.</summary>
[JsonSerializable(typeof(DrainAnswer))]
internal sealed partial class DrainAnswerJson : JsonSerializerContext
{
    public static DrainAnswerJson Readable { get; } = new(ReadableJson.CreateOptions());
}
