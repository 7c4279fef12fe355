namespace ChunkProxy.Web.Clients;

/// <summary>The limits of each client: those of the process, or those that a route has in addition.</summary>
/// <remarks>
/// What a client has in progress belongs to it and to rules that are equal to these. So a reload that does not change the limits of a route forgets nothing, and
/// one that changes them begins anew.
/// </remarks>
/// <param name="Route">Name of the route; empty for the process.</param>
/// <param name="MaxRequests">Most requests in progress; 0: any number.</param>
/// <param name="Rate">Bytes a second; 0: any number.</param>
/// <param name="Burst">Bytes before the rate counts.</param>
internal sealed record ClientRules(string Route, int MaxRequests, long Rate, long Burst)
{
    /// <summary>Returns the rules in a section of limits.</summary>
    /// <param name="route">Name of the route; empty for the process.</param>
    /// <param name="options">The section.</param>
    public static ClientRules Of(string route, ClientOptions options) => new(route, options.MaxRequests, options.Rate, options.Burst);

    /// <summary>Whether requests have a limit. A limit of connections is none of these.</summary>
    public bool LimitRequests => MaxRequests > 0 || Rate > 0;
}
