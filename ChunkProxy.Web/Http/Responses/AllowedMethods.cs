namespace ChunkProxy.Web.Http.Responses;

/// <summary>The value of <c>Allow</c> for objects (RFC 9110 §10.2.1).</summary>
internal sealed record AllowedMethods(string Value)
{
    public static AllowedMethods Reading { get; } = new("GET, HEAD, OPTIONS");
}
