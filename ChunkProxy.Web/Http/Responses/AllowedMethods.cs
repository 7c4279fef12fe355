namespace ChunkProxy.Web.Http.Responses;

/// <summary>What <c>Allow</c> says of objects (RFC 9110 §10.2.1).</summary>
internal sealed record AllowedMethods(string Value)
{
    public static AllowedMethods Reading { get; } = new("GET, HEAD, OPTIONS");
}
