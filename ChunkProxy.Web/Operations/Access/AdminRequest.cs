namespace ChunkProxy.Web.Operations.Access;

/// <summary>What of a request to the reserved prefix decides whether it is admitted.</summary>
/// <param name="IsAtAdminAddress">It came in at the prefix's own address.</param>
/// <param name="Authorization">The field of the request.</param>
/// <param name="Host">The host that it names.</param>
/// <param name="IsFromPage">A page sent it, and not a program: browsers say so by <c>Origin</c> or <c>Sec-Fetch-Site</c>, which no script can leave out.</param>
internal readonly record struct AdminRequest(bool IsAtAdminAddress, string? Authorization, HostString Host, bool IsFromPage)
{
    public static AdminRequest Of(HttpContext context)
    {
        var headers = context.Request.Headers;
        return new(
            AdminListener.HasAccepted(context),
            headers.Authorization,
            context.Request.Host,
            headers.ContainsKey("Sec-Fetch-Site") || headers.Origin.Count > 0);
    }
}
