using System.Text.Json.Serialization;

namespace ChunkProxy.Cache.Status;

/// <summary>JSON format of status reports between members. A message without a part of it is refused, as one that is not JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProcessFigures))]
[JsonSerializable(typeof(ProcessMap))]
internal sealed partial class StatusJson : JsonSerializerContext;
