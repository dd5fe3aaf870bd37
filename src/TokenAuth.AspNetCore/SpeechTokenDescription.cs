using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace TokenAuth;

/// <summary>Describes the endpoint to an OpenAPI document.</summary>
internal static class SpeechTokenDescription
{
    private const string ProblemJson = "application/problem+json";

    public static IEnumerable<object> Of(RequestDelegate handler, SpeechTokenShape shape) =>
        [
            handler.Method, // an endpoint without a method is not described
            new EndpointSummaryAttribute("Hands out an Azure Speech token."),
            new EndpointDescriptionAttribute(
                "The token opens the Speech resource for the seconds that the response says, ten minutes at most. Do not store it."
            ),
            Success(shape),
            new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized, typeof(void)),
            new ProducesResponseTypeMetadata(StatusCodes.Status403Forbidden, typeof(ProblemDetails), [ProblemJson]),
            new ProducesResponseTypeMetadata(
                StatusCodes.Status503ServiceUnavailable,
                typeof(ProblemDetails),
                [ProblemJson]
            ),
        ];

    private static ProducesResponseTypeMetadata Success(SpeechTokenShape shape) =>
        shape switch
        {
            SpeechTokenShape.Text => new(StatusCodes.Status200OK, typeof(string), [MediaTypeNames.Text.Plain]),
            SpeechTokenShape.WebChat => new(
                StatusCodes.Status200OK,
                typeof(WebChatSpeechToken),
                [MediaTypeNames.Application.Json]
            ),
            _ => new(StatusCodes.Status200OK, typeof(SpeechToken), [MediaTypeNames.Application.Json]),
        };
}
