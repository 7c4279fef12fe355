using System.Text.Json.Serialization;

namespace ChunkProxy.Web.Commands;

/// <summary>The JSON in which a node answers to actions.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PurgeAnswer))]
internal sealed partial class ActionJson : JsonSerializerContext;
