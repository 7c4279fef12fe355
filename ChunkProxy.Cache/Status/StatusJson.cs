using System.Text.Json.Serialization;
using ChunkProxy.Cache.Draining;

namespace ChunkProxy.Cache.Status;

/// <summary>The JSON in which members tell each other how they are.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ProcessFigures))]
[JsonSerializable(typeof(ProcessMap))]
[JsonSerializable(typeof(DrainReply))]
internal sealed partial class StatusJson : JsonSerializerContext;
