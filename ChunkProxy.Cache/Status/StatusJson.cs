using System.Text.Json.Serialization;

namespace ChunkProxy.Cache.Status;

/// <summary>JSON format of status reports between members.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ProcessFigures))]
[JsonSerializable(typeof(ProcessMap))]
internal sealed partial class StatusJson : JsonSerializerContext;
