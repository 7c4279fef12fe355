namespace ChunkProxy.Web.Exchanges;

/// <summary>Every way in which an exchange with a client ends. Metric tag, log event and totals read this one value.</summary>
public enum ResponseEnding
{
    /// <summary>The answer, whatever its status, was handed to the connection whole.</summary>
    Completed,

    /// <summary>The client closed or reset the connection before it had the answer.</summary>
    ClientGone,

    /// <summary>The client took nothing for the configured time; its connection was aborted.</summary>
    ClientStalled,

    /// <summary>The rest of the bytes could not be had after the head was sent; the connection was aborted, so that nobody takes the part for the whole.</summary>
    ReadFailed,

    /// <summary>A defect of this program; 500, or an aborted connection if the head was sent.</summary>
    Faulted,
}
