using System.Text.Json.Serialization;

namespace ChunkProxy.Cache.Draining;

/// <summary>Source-generated JSON of a member's reply to an order to drain or to rejoin.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DrainReply))]
internal sealed partial class DrainJson : JsonSerializerContext;
