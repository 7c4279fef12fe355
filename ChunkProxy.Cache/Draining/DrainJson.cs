using System.Text.Json.Serialization;

namespace ChunkProxy.Cache.Draining;

/// <summary>Source-generated JSON of a member's reply to an order to drain or to rejoin. A message without a part of it is refused, as one that is not JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DrainReply))]
internal sealed partial class DrainJson : JsonSerializerContext;
