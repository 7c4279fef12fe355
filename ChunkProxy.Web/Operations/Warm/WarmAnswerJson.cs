using System.Text.Json;
using System.Text.Json.Serialization;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Operations.Warm;

/// <summary>The JSON form of warm-ups.</summary>
[JsonSerializable(typeof(WarmAnswer))]
[JsonSerializable(typeof(IReadOnlyList<WarmAnswer>))]
internal sealed partial class WarmAnswerJson : JsonSerializerContext
{
    public static WarmAnswerJson Readable { get; } = new(ReadableJson.CreateOptions());

    /// <summary>The same, in one line.</summary>
    public static WarmAnswerJson OneLine { get; } = new(new JsonSerializerOptions(ReadableJson.CreateOptions()) { WriteIndented = false });
}
