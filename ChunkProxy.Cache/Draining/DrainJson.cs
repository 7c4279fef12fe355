using System.Text.Json.Serialization;

namespace ChunkProxy.Cache.Draining;

/// <summary>The JSON in which a member answers an order to drain or to join again.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DrainReply))]
internal sealed partial class DrainJson : JsonSerializerContext;
