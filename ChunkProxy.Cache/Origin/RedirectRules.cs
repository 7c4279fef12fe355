namespace ChunkProxy.Cache.Origin;

/// <summary>Decides which redirects of the origin are followed (RFC 9110 §15.4).</summary>
internal sealed class RedirectRules(Uri origin, OriginOptions options)
{
    private readonly RedirectHost[] _hosts = options.RedirectHostList();

    /// <summary>Returns the target of a redirect to follow; null if the response is not followed and is handled like any other.</summary>
    /// <param name="from">The URI of the request.</param>
    /// <param name="response">The response.</param>
    public Uri? Next(Uri from, HttpResponseMessage response)
    {
        if (options.Redirects is not RedirectHandling.Follow || options.MaxRedirects == 0 || (int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
        {
            return null;
        }

        return response.Headers.NonValidated.TryGetValues("Location", out var location) && Uri.TryCreate(from, location.ToString(), out var to) && MayFollow(to)
            ? to
            : null;
    }

    /// <summary>Returns whether the target is the origin or a host that the operator allows.</summary>
    private bool MayFollow(Uri to)
    {
        if (to.UserInfo.Length > 0 || to.Scheme is not ("http" or "https"))
        {
            return false;
        }

        return IsOrigin(to) || ((to.Scheme == "https" || origin.Scheme == "http") && _hosts.Any(host => host.Names(to)));
    }

    public bool IsOrigin(Uri to) =>
        to.Scheme == origin.Scheme && to.Port == origin.Port && to.IdnHost.Equals(origin.IdnHost, StringComparison.OrdinalIgnoreCase);
}
