using System.Text.Json.Serialization;

namespace ChunkProxy.Cache.Status;

/// <summary>The JSON in which members tell each other how they are.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ProcessFigures))]
[JsonSerializable(typeof(ProcessMap))]
internal sealed partial class StatusJson : JsonSerializerContext;
