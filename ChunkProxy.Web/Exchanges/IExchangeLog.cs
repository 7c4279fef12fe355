namespace ChunkProxy.Web.Exchanges;

/// <summary>Records exchanges that have ended.</summary>
internal interface IExchangeLog
{
    /// <summary>Whether it records anything. Constant.</summary>
    bool IsOn { get; }

    void Note(HttpContext context, Exchange exchange, ResponseEnding ending);
}
