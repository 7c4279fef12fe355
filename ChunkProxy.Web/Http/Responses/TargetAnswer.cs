using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Returns the response to a rejected request target.</summary>
internal static class TargetAnswer
{
    /// <summary>The reason for a path that leads nowhere, at every address. By it, commands tell a node without the path from one that does not know the object.</summary>
    public const string NothingHere = "There is nothing at this path.";

    public static (int Status, string Reason) Of(TargetVerdict verdict) => verdict switch
    {
        TargetVerdict.TooLong => (StatusCodes.Status414UriTooLong, "The path and query are longer than this server accepts."),
        TargetVerdict.Reserved => (StatusCodes.Status404NotFound, NothingHere),
        TargetVerdict.NoRoute => (StatusCodes.Status404NotFound, "No route matches this host and path."),
        TargetVerdict.AmbiguousRoute => (
            StatusCodes.Status400BadRequest, "The origin may read the path in another way (encoded slashes, several slashes, semicolons, or case), for which there is another route."),
        TargetVerdict.NotOriginForm => (StatusCodes.Status400BadRequest, "The request target must be a path."),
        TargetVerdict.ForbiddenCharacter => (StatusCodes.Status400BadRequest, "The path or query contains a character that is not allowed."),
        TargetVerdict.BadPercentEncoding => (StatusCodes.Status400BadRequest, "The path or query has a percent sign without two hexadecimal digits."),
        TargetVerdict.ForbiddenOctet => (StatusCodes.Status400BadRequest, "The path has an encoded character that is not allowed."),
        TargetVerdict.DotSegment => (StatusCodes.Status400BadRequest, "The path has a dot segment."),
        TargetVerdict.EmptyFirstSegment => (StatusCodes.Status400BadRequest, "The path begins with an empty segment."),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "An accepted target has no error response."),
    };
}
