using System.Text.Json.Serialization;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Operations.Reload;

/// <summary>The JSON of a response to a reload.</summary>
[JsonSerializable(typeof(ReloadAnswer))]
internal sealed partial class ReloadAnswerJson : JsonSerializerContext
{
    public static ReloadAnswerJson Readable { get; } = new(ReadableJson.CreateOptions());
}
